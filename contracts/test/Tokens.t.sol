// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {ISeaPurse} from "../src/ISeaPurse.sol";
import {SeaPurse} from "../src/SeaPurse.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {PurseTest} from "./PurseTest.sol";
import {PlainToken} from "./tokens/PlainToken.sol";
import {
    BlocklistToken,
    FalseToken,
    FeeToken,
    HookToken,
    IHook,
    LyingToken,
    OddToken,
    SilentToken
} from "./tokens/Zoo.sol";

/// @notice Purses of ERC-20: well-behaved ones, and the zoo of the others.
contract TokensTest is PurseTest, IHook {
    bytes private onTransferCall;
    bytes private onTransferReason;

    // ------------------------------------------------------------------ well-behaved

    function test_token_wholeLife() public {
        PlainToken token = new PlainToken();
        use(address(token));
        open();
        assertEq(free(), DEPOSIT, "free");
        vm.prank(payer);
        purse.topUp(payer, key, 1 ether);
        redeem(1 ether);
        reserve(3 ether, NOW + 100);
        redeem(3 ether);
        assertEq(token.balanceOf(payee), 3 ether, "payee");
        purse.redeemBatch(payee, packed(4 ether));
        assertEq(token.balanceOf(payee), 4 ether, "payee after the batch");
        close();
        assertEq(token.balanceOf(payer), 96 ether, "payer");
        assertEq(token.balanceOf(address(purse)), 0, "purse");
    }

    function test_token_refusesCoin() public {
        use(address(new PlainToken()));
        vm.prank(payer);
        vm.expectRevert(ISeaPurse.WrongValue.selector);
        purse.open{value: 1}(key, 0, 1);
    }

    function test_token_refusesWithoutApproval() public {
        PlainToken token = new PlainToken();
        purse = new SeaPurse(address(token), DELAY);
        token.mint(payer, DEPOSIT);
        vm.expectRevert();
        this.openFromOutside();
    }

    function test_token_silentOnesAreFine() public {
        SilentToken token = new SilentToken();
        use(address(token));
        open();
        redeem(1 ether);
        assertEq(token.balanceOf(payee), 1 ether, "payee");
        assertEq(purse.owed(payee), 0, "owed");
    }

    // ------------------------------------------------------------------ zoo

    function test_token_feeOnTransfer_creditsWhatCame() public {
        FeeToken token = new FeeToken();
        use(address(token));
        open();
        assertEq(free(), 9 ether, "free");
        vm.prank(payer);
        purse.topUp(payer, key, 10);
        assertEq(free(), 9 ether + 9, "free after topUp");
        redeem(1 ether);
        assertEq(token.balanceOf(payee), 0.9 ether, "payee bears the fee");
        close();
        assertEq(token.balanceOf(address(purse)), 0, "nothing missing, nothing left");
    }

    function test_token_saysFalse_depositReverts() public {
        FalseToken token = new FalseToken();
        use(address(token));
        token.refuse(true);
        vm.expectRevert();
        this.openFromOutside();
    }

    function test_token_saysFalse_paymentIsOwed() public {
        FalseToken token = new FalseToken();
        use(address(token));
        open();
        token.refuse(true);
        vm.expectEmit(address(purse));
        emit ISeaPurse.Owed(payee, 1 ether);
        redeem(1 ether);
        redeem(3 ether);
        assertEq(purse.owed(payee), 3 ether, "owed adds up");
        vm.prank(payee);
        vm.expectRevert(ISeaPurse.TransferFailed.selector);
        purse.take();
        token.refuse(false);
        vm.expectEmit(address(purse));
        emit ISeaPurse.Taken(payee, 3 ether);
        vm.prank(payee);
        purse.take();
        assertEq(token.balanceOf(payee), 3 ether, "payee");
        vm.prank(payee);
        vm.expectRevert(ISeaPurse.NothingOwed.selector);
        purse.take();
    }

    function test_token_movesNothing_depositReverts() public {
        use(address(new LyingToken()));
        vm.expectRevert(ISeaPurse.NothingReceived.selector);
        this.openFromOutside();
    }

    function test_token_blocksPayee_paymentIsOwedAndBatchGoesOn() public {
        BlocklistToken token = new BlocklistToken();
        use(address(token));
        open();
        token.setBlocked(payee, true);
        purse.redeemBatch(payee, bytes.concat(packed(1 ether), packed(2 ether)));
        assertEq(purse.owed(payee), 2 ether, "owed");
        token.setBlocked(payee, false);
        vm.prank(payee);
        purse.take();
        assertEq(token.balanceOf(payee), 2 ether, "payee");
    }

    function test_token_blocksPayer_withdrawalAndReleaseAreOwed() public {
        BlocklistToken token = new BlocklistToken();
        use(address(token));
        open();
        reserve(4 ether, NOW + 100);
        token.setBlocked(payer, true);
        close();
        assertEq(purse.owed(payer), 6 ether, "withdrawal");
        vm.warp(NOW + 101 + DELAY);
        purse.release(payer, key, payee, LANE);
        assertEq(purse.owed(payer), 10 ether, "release");
    }

    function test_token_blocksReceiver_claimIsOwedToIt() public {
        BlocklistToken token = new BlocklistToken();
        use(address(token));
        open();
        address receiver = address(0x7070);
        token.setBlocked(receiver, true);
        ISeaPurse.Claim memory c = ISeaPurse.Claim(payer, key, LANE, receiver, 1, false, NEVER);
        ISeaPurse.Voucher memory v = voucherOf(1 ether);
        ISeaPurse.Signature memory byKey = sign(KEY, address(purse), hashOf(v));
        ISeaPurse.Signature memory byPayee = sign(PAYEE, address(purse), hashOf(c));
        vm.prank(stranger);
        purse.claimFor(v, byKey, c, byPayee, 1);
        assertEq(purse.owed(receiver), 1 ether - 1, "receiver");
        assertEq(token.balanceOf(stranger), 1, "the relayer is paid all the same");
    }

    function test_token_reentersFromPayment() public {
        HookToken token = new HookToken();
        use(address(token));
        open();
        token.hook(address(this));
        ISeaPurse.Voucher memory v = voucherOf(2 ether);
        onTransferCall = abi.encodeCall(purse.redeem, (v, sign(KEY, address(purse), hashOf(v))));
        redeem(1 ether);
        assertEq(bytes32(bytes4(onTransferReason)), bytes32(bytes4(keccak256("ReentrancyGuardReentrantCall()"))), "why");
        assertEq(token.balanceOf(payee), 1 ether, "payee");
        assertEq(lane().paid, 1 ether, "paid");
    }

    /// @notice A deposit inside a deposit must not be counted twice.
    function test_token_reentersFromDeposit() public {
        HookToken token = new HookToken();
        use(address(token));
        token.hook(address(this));
        onTransferCall = abi.encodeCall(purse.open, (vm.addr(OTHER_KEY), 0, 1 ether));
        open();
        assertEq(bytes32(bytes4(onTransferReason)), bytes32(bytes4(keccak256("ReentrancyGuardReentrantCall()"))), "why");
        assertEq(free(), DEPOSIT, "free");
    }

    function test_token_oddAnswers() public {
        OddToken token = new OddToken();
        use(address(token));
        open();
        token.answer(hex"01"); // shorter than a word
        redeem(1 ether);
        assertEq(purse.owed(payee), 1 ether, "short");
        token.answer(abi.encode(uint256(2))); // no boolean
        redeem(2 ether);
        assertEq(purse.owed(payee), 2 ether, "two");
        token.answer(abi.encode(uint256(1), uint256(7))); // true, and more
        redeem(3 ether);
        assertEq(purse.owed(payee), 2 ether, "long");
        token.answer(new bytes(50_000));
        redeem(4 ether);
        assertEq(purse.owed(payee), 3 ether, "a flood of zeros");
    }

    function onTransfer() external {
        (bool ok, bytes memory reason) = address(purse).call(onTransferCall);
        assertTrue(!ok, "reentered");
        onTransferReason = reason;
    }

    /// @notice A purse of this token, for which the payer has 100 and gave its approval.
    function use(address token) private {
        purse = new SeaPurse(token, DELAY);
        PlainToken(token).mint(payer, 100 ether);
        vm.prank(payer);
        (bool ok,) = token.call(abi.encodeCall(IERC20.approve, (address(purse), type(uint256).max)));
        assertTrue(ok, "approved");
    }

    function open() internal override {
        vm.prank(payer);
        purse.open(key, 0, DEPOSIT);
    }

    function openFromOutside() external {
        open();
    }
}
